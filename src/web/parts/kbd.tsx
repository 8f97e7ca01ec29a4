import { shownKeys } from "../commands";

/** The keys of a command, as they are written on them. Read out by what they belong to. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="inline-flex gap-0.5 max-md:hidden" aria-hidden>
      {shownKeys(keys).map((key, index) => (
        <kbd
          key={`${key}-${index}`}
          className="min-w-4 rounded-sm border border-current px-1 text-center text-[11px]! leading-4 opacity-70"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
