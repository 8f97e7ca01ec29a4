import { Link } from "@tanstack/react-router";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode, Ref } from "react";
import type { Search } from "../filters";
import { classes } from "./classes";
import { Kbd } from "./kbd";

export type ButtonKind = "primary" | "plain" | "quiet" | "danger";

const base =
  "inline-flex items-center justify-center gap-1.5 whitespace-nowrap rounded-sm font-medium min-h-8 px-3 max-md:min-h-11 disabled:opacity-55 aria-disabled:opacity-55 hover:no-underline";
const looks: Record<ButtonKind, string> = {
  primary: "bg-accent text-on-accent hover:opacity-90",
  plain: "border border-line-strong bg-bg text-text hover:bg-hover",
  quiet: "text-muted hover:bg-hover hover:text-text",
  danger: "border border-danger bg-bg text-danger hover:bg-danger-tint",
};

type Look = {
  kind?: ButtonKind;
  icon?: LucideIcon;
  /** Its key, shown and announced; the command of the page makes it work. */
  keys?: string;
  /** Only the icon is seen: the label is read out and shown when one points at it. */
  iconOnly?: boolean;
  small?: boolean;
};

type ButtonProps = Look &
  Omit<ComponentProps<"button">, "children"> & {
    children: string;
    busy?: boolean;
    ref?: Ref<HTMLButtonElement>;
    after?: ReactNode;
  };

/** What does something. `busy` keeps its place and says so while it is being done. */
export function Button({
  kind = "plain",
  icon: Icon,
  keys,
  iconOnly,
  small,
  busy,
  children,
  className,
  after,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      aria-keyshortcuts={keys ? keys.split(", ")[0] : undefined}
      {...(iconOnly && { "aria-label": children, title: children })}
      {...(busy && { onClick: (event) => event.preventDefault() })}
      className={classes(
        base,
        looks[kind],
        small && "px-2! md:min-h-6!",
        iconOnly && "px-2!",
        className,
      )}
    >
      {busy ? (
        <LoaderCircle size={15} className="animate-spin" aria-hidden />
      ) : (
        Icon && <Icon size={15} aria-hidden />
      )}
      {!iconOnly && children}
      {keys && !iconOnly && <Kbd keys={keys} />}
      {after}
    </button>
  );
}

/** A link that looks like a button: it leads somewhere. */
export function ButtonLink({
  to,
  search,
  kind = "plain",
  icon: Icon,
  small,
  children,
  className,
}: Look & { to: string; search?: Search; children: string; className?: string }) {
  return (
    <Link
      to={to}
      search={search ?? {}}
      className={classes(base, looks[kind], small && "px-2! md:min-h-6!", className)}
    >
      {Icon && <Icon size={15} aria-hidden />}
      {children}
    </Link>
  );
}
