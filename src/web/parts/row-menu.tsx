import { Ellipsis } from "lucide-react";
import { Menu, type MenuItem } from "./menu";

/** What can be done with a row of a table, behind one button. */
export function RowMenu({ label, items }: { label: string; items: MenuItem[] }) {
  return (
    <Menu
      label={label}
      align="end"
      items={items}
      className="inline-flex size-8 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text max-md:size-11"
      button={<Ellipsis size={16} aria-hidden />}
    />
  );
}
