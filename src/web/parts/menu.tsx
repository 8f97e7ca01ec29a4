import { Link } from "@tanstack/react-router";
import { ChevronDown, type LucideIcon } from "lucide-react";
import {
  type KeyboardEvent,
  type ReactNode,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { Search } from "../filters";
import { classes } from "./classes";
import { Kbd } from "./kbd";

export type MenuItem =
  | {
      label: string;
      icon?: LucideIcon;
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      checked?: boolean;
      run: () => void;
    }
  | { label: string; icon?: LucideIcon; to: string; search?: Search }
  | { heading: string }
  | "line";

const edge = 8;

/** A button with a list of things to do: by the platform's popover, with the keys of a menu. */
export function Menu({
  label,
  button,
  items,
  className,
  align = "start",
  onOpen,
}: {
  /** What the button is called; also what the menu is called. */
  label: string;
  /** What is seen of the button; its label with an arrow where nothing is given. */
  button?: ReactNode;
  items: MenuItem[];
  className?: string;
  align?: "start" | "end";
  /** Before it is seen for the first time: what it lists may be asked for then. */
  onOpen?: () => void;
}) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);

  const place = () => {
    const [list, box] = [menu.current, opener.current?.getBoundingClientRect()];
    if (!list || !box) return;
    const { offsetWidth: width, offsetHeight: height } = list;
    const left = align === "end" ? box.right - width : box.left;
    list.style.left = `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`;
    const below = box.bottom + 4;
    const hasRoom = below + height <= innerHeight - edge || box.top < height;
    list.style.top = `${hasRoom ? below : box.top - height - 4}px`;
  };
  // Its size is known once its entries are there.
  useLayoutEffect(() => {
    if (!isOpen) return;
    place();
    entries()[0]?.focus();
  }, [isOpen]);
  const entries = () => [
    ...(menu.current?.querySelectorAll<HTMLElement>(
      '[role^="menuitem"]:not([aria-disabled="true"])',
    ) ?? []),
  ];
  const close = () => menu.current?.hidePopover();
  const move = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: [string, number][] = [
      ["ArrowDown", at + 1],
      ["ArrowUp", at - 1],
      ["Home", 0],
      ["End", all.length - 1],
    ];
    const [, next] = steps.find(([key]) => key === event.key) ?? [];
    if (next !== undefined) {
      event.preventDefault();
      all[(next + all.length) % all.length]?.focus();
    } else if (event.key === "Tab") {
      close();
    } else if (event.key.length === 1 && /\S/.test(event.key)) {
      const typed = event.key.toLowerCase();
      const after = [...all.slice(at + 1), ...all.slice(0, at + 1)];
      after.find((entry) => entry.textContent?.trim().toLowerCase().startsWith(typed))?.focus();
      // A letter is a way through the menu, not a command of the page.
      event.preventDefault();
    }
    event.stopPropagation();
  };

  return (
    <>
      <button
        ref={opener}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        {...(button !== undefined && { "aria-label": label, title: label })}
        className={
          className ??
          "inline-flex min-h-8 items-center gap-1.5 rounded-sm border border-line-strong bg-bg px-3 font-medium hover:bg-hover max-md:min-h-11"
        }
      >
        {button ?? (
          <>
            {label}
            <ChevronDown size={14} aria-hidden />
          </>
        )}
      </button>
      <div
        ref={menu}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        onKeyDown={move}
        onBeforeToggle={({ newState }) => {
          if (newState === "open") onOpen?.();
        }}
        onToggle={({ newState }) => {
          setOpen(newState === "open");
        }}
        className="fixed inset-auto m-0 max-h-[80dvh] min-w-48 max-w-80 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-overlay"
      >
        {isOpen &&
          items.map((item, index) =>
            item === "line" ? (
              <hr key={index} className="my-1 border-line" />
            ) : "heading" in item ? (
              <p key={index} className="px-2 pt-2 pb-1 text-xs text-muted" role="presentation">
                {item.heading}
              </p>
            ) : (
              <Entry key={index} item={item} close={close} />
            ),
          )}
      </div>
    </>
  );
}

const entry =
  "flex w-full items-center gap-2 rounded-sm px-2 min-h-8 max-md:min-h-11 text-start text-text hover:bg-hover hover:no-underline focus:bg-hover -outline-offset-2!";

function Entry({
  item,
  close,
}: {
  item: Exclude<MenuItem, "line" | { heading: string }>;
  close: () => void;
}) {
  const Icon = item.icon;
  if ("to" in item) {
    return (
      <Link
        role="menuitem"
        tabIndex={-1}
        to={item.to}
        search={item.search ?? {}}
        onClick={close}
        className={entry}
      >
        {Icon && <Icon size={15} className="text-muted" aria-hidden />}
        <span className="truncate">{item.label}</span>
      </Link>
    );
  }
  return (
    <button
      type="button"
      role={item.checked === undefined ? "menuitem" : "menuitemcheckbox"}
      aria-checked={item.checked}
      aria-disabled={item.disabled || undefined}
      tabIndex={-1}
      onClick={() => {
        if (item.disabled) return;
        close();
        item.run();
      }}
      className={classes(entry, item.danger && "text-danger!", item.disabled && "opacity-55")}
    >
      {item.checked !== undefined && (
        <span className="w-4" aria-hidden>
          {item.checked ? "✓" : ""}
        </span>
      )}
      {Icon && <Icon size={15} className={item.danger ? "" : "text-muted"} aria-hidden />}
      <span className="min-w-0 flex-1 truncate">{item.label}</span>
      {item.keys && <Kbd keys={item.keys} />}
    </button>
  );
}
