import { Copy, Ellipsis, Link2 } from "lucide-react";
import { useRef } from "react";
import { useCommands } from "../commands";
import { type Search, stringifySearch } from "../filters";
import { issueListPath } from "../first-requests";
import { useMediaQuery } from "../frame/use-media-query";
import { mount } from "../mount";
import { copyText } from "../parts/copy";
import { Menu, type MenuItem } from "../parts/menu";
import { t } from "../words";
import { curlCommand } from "./curl-command";
import { listColumns, toggleColumn, useListColumns } from "./list-columns";

/** What one can do with the list as a whole. */
export function ListMenu({ org, search }: { org: string; search: Search }) {
  const place = useRef<HTMLSpanElement>(null);
  const shown = useListColumns(org);
  const isPhone = useMediaQuery("(max-width: 767px)");
  const columnItems: MenuItem[] = [
    "line",
    { heading: t("Columns") },
    ...listColumns.map(({ id, label }) => ({
      label,
      checked: shown.has(id),
      run: () => toggleColumn(org, id),
    })),
  ];
  const copyLink = () => void copyText(location.href, t("Link"));
  const copyCurl = () => {
    const path = mount + issueListPath(org, stringifySearch(search));
    void copyText(curlCommand(location.origin, path), t("Command"));
  };
  useCommands([
    {
      id: "list.actions",
      title: t("Actions of this list"),
      keys: ".",
      group: t("This list"),
      run: () => place.current?.querySelector("button")?.click(),
    },
    { id: "list.curl", title: t("Copy as cURL"), group: t("This list"), run: copyCurl },
  ]);
  return (
    <span ref={place}>
      <Menu
        label={t("Actions of this list")}
        align="end"
        className="inline-flex min-h-8 min-w-8 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text max-md:min-h-11 max-md:min-w-11"
        button={<Ellipsis size={16} aria-hidden />}
        items={[
          { label: t("Copy link to this list"), icon: Link2, run: copyLink },
          { label: t("Copy as cURL"), icon: Copy, run: copyCurl },
          // A phone has none.
          ...(isPhone ? [] : columnItems),
        ]}
      />
    </span>
  );
}
