import { queryOptions, useQuery } from "@tanstack/react-query";
import { Search as SearchIcon, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Search } from "../filters";
import { organization } from "../frame/session";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { useSettled } from "../use-settled";
import { plural, t } from "../words";
import { recentSearches, rememberSearch } from "./recent-queries";
import type { Suggestion } from "./search-keys";
import { piecesOf, refusedPieces, replacePiece } from "./search-terms";
import { suggestedKeys, suggestedValues } from "./suggestion-queries";

type BarProps = {
  org: string;
  /** The filters whose tags and values are offered. */
  search: Search;
  query: string;
  /** Why the API refused the search. */
  refusal: string | undefined;
  /** What of it was read otherwise than it is written. */
  notes: string[];
  run: (query: string) => void;
};

/**
 * A search stays the text that it is: what one pastes, what nobody suggested and what is half typed is kept. Its parts
 * are coloured behind the field.
 */
export function SearchBar({ org, search, query, refusal, notes, run }: BarProps) {
  const field = useSearchField(org, search, query, run);
  const { id, typed, input, list, at, isOpen, accept } = field;
  const refused = refusal && typed === query ? refusedPieces(typed, refusal) : undefined;
  return (
    <form
      role="search"
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        field.submit(typed);
      }}
    >
      <label htmlFor={id} className="sr-only">
        {t("Search issues")}
      </label>
      <div className="relative">
        <SearchIcon
          size={15}
          className="pointer-events-none absolute start-2.5 top-1/2 -translate-y-1/2 text-muted"
          aria-hidden
        />
        <Colours field={field} refused={refused} />
        <input
          ref={input}
          id={id}
          data-search
          type="text"
          role="combobox"
          aria-expanded={isOpen && list.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && at >= 0 ? `${id}-${at}` : undefined}
          aria-invalid={refusal ? true : undefined}
          aria-describedby={refusal ? `${id}-refusal` : `${id}-notes`}
          placeholder={t("Search: words, is:unresolved, any tag:value")}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={1000}
          value={typed}
          className={classes(
            box,
            "field bg-transparent! text-transparent! caret-text selection:bg-selected forced-colors:text-[FieldText]!",
          )}
          {...field.listeners}
        />
        {typed !== "" && (
          <Button
            kind="quiet"
            icon={X}
            iconOnly
            small
            className="absolute! end-1 top-1/2 -translate-y-1/2"
            onClick={() => {
              field.submit("");
              input.current?.focus();
            }}
          >
            {t("Clear the search")}
          </Button>
        )}
        <Suggestions id={id} list={isOpen ? list : []} at={at} accept={accept} />
      </div>
      {refusal && (
        <p id={`${id}-refusal`} role="alert" className="pt-1 text-xs text-danger">
          {refusal}
        </p>
      )}
      <p id={`${id}-notes`} role="status" className="pt-1 text-xs text-muted empty:hidden">
        {typed === query && !refusal && notes.join(" ")}
      </p>
    </form>
  );
}

const box = "relative font-mono! text-xs! leading-5! py-1.5! ps-8! pe-9! min-h-8 max-md:min-h-11";

type Field = ReturnType<typeof useSearchField>;

function useSearchField(org: string, search: Search, query: string, run: (query: string) => void) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const colours = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(query);
  const [caret, setCaret] = useState(query.length);
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  useEffect(() => setTyped(query), [query]);
  const list = useSuggestions(org, search, typed, caret, isOpen);

  const follow = () => {
    if (colours.current && input.current) colours.current.scrollLeft = input.current.scrollLeft;
    setCaret(input.current?.selectionStart ?? 0);
  };
  const write = (text: string, position: number) => {
    setTyped(text);
    setCaret(position);
    setAt(-1);
    requestAnimationFrame(() => {
      input.current?.setSelectionRange(position, position);
      follow();
    });
  };
  const submit = (text: string) => {
    setOpen(false);
    setAt(-1);
    setTyped(text);
    rememberSearch(org, text.trim());
    run(text.trim());
  };
  const accept = (suggestion: Suggestion & { isWhole?: boolean }) => {
    if (suggestion.isWhole) {
      submit(suggestion.text);
      return;
    }
    const next = replacePiece(typed, caret, suggestion.text);
    write(next.text, next.caret);
    input.current?.focus();
  };
  const press = (event: KeyboardEvent) => {
    const chosen = isOpen ? list[at] : undefined;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (list.length > 0) setAt(((at < 0 && by < 0 ? 0 : at) + by + list.length) % list.length);
    } else if (chosen && (event.key === "Enter" || event.key === "Tab")) accept(chosen);
    else if (event.key === "Escape") {
      if (isOpen && list.length > 0) setOpen(false);
      else input.current?.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    id,
    input,
    colours,
    typed,
    list,
    at,
    isOpen,
    accept,
    submit,
    listeners: {
      onChange: (event: { target: HTMLInputElement }) => {
        setTyped(event.target.value);
        setOpen(true);
        setAt(-1);
        follow();
      },
      onFocus: () => setOpen(true),
      onBlur: () => setOpen(false),
      onSelect: follow,
      onScroll: follow,
      onKeyUp: follow,
      onKeyDown: press,
    },
  };
}

/** What every search may ask for is code that nobody needs before they search. */
const searchKeys = queryOptions({
  queryKey: ["code", "search-keys"],
  queryFn: () => import("./search-keys"),
  staleTime: Number.POSITIVE_INFINITY,
});

/** While nothing is typed, what was searched for lately; else what can stand at the caret. */
function useSuggestions(
  org: string,
  search: Search,
  typed: string,
  caret: number,
  isOpen: boolean,
): (Suggestion & { isWhole?: boolean })[] {
  const { data: known } = useQuery(organization(org));
  const { data: offered = [] } = useQuery({ ...suggestedKeys(org, search), enabled: isOpen });
  const { data: searched = [] } = useQuery({ ...recentSearches(org), enabled: isOpen });
  const { data: keys } = useQuery({ ...searchKeys, enabled: isOpen });
  const asked = keys?.askedValue(typed, caret);
  const isLocal = asked?.key === "project";
  const settled = useSettled(asked?.prefix ?? "");
  const { data: found = [] } = useQuery({
    ...suggestedValues(org, search, asked?.key ?? "", settled),
    enabled: isOpen && asked !== undefined && !isLocal,
  });
  if (!isOpen || !keys) return [];
  const recent =
    typed.trim() === "" ? searched.map((text) => ({ text, hint: t("Recent"), isWhole: true })) : [];
  const projects = (known?.projects ?? []).map(({ slug, name }) => ({ value: slug, hint: name }));
  const values = found.map(({ value, count }) => ({
    value,
    hint: count === null ? "" : plural(count, t("event"), t("events")),
  }));
  const all = new Map([
    ["project", projects],
    ...(asked && !isLocal ? [[asked.key, values] as const] : []),
  ]);
  return [...recent, ...keys.suggest(typed, caret, offered, all)];
}

/** The same text behind the field, letter upon letter, in colours. */
function Colours({ field, refused }: { field: Field; refused: ReadonlySet<number> | undefined }) {
  return (
    <div
      ref={field.colours}
      aria-hidden
      className={classes(
        box,
        "pointer-events-none absolute! inset-x-0 top-0 z-10 overflow-hidden border border-transparent whitespace-pre forced-colors:hidden max-md:text-[16px]! max-md:py-2.5!",
      )}
    >
      {piecesOf(field.typed).map((piece) => (
        <span
          key={piece.at}
          className={
            refused?.has(piece.at) ? "underline decoration-danger decoration-wavy" : undefined
          }
        >
          {piece.kind === "term" ? (
            <>
              <span className="text-danger">{piece.isNot ? "!" : ""}</span>
              <span className="text-code-function">{piece.key}</span>
              <span className="text-muted">:</span>
              <span className="text-code-string">{piece.value}</span>
            </>
          ) : (
            piece.text
          )}
        </span>
      ))}
    </div>
  );
}

function Suggestions({
  id,
  list,
  at,
  accept,
}: {
  id: string;
  list: (Suggestion & { isWhole?: boolean })[];
  at: number;
  accept: (suggestion: Suggestion) => void;
}) {
  return (
    <ul
      id={`${id}-list`}
      role="listbox"
      aria-label={t("Suggestions")}
      className={classes(
        "absolute inset-x-0 top-full z-30 mt-1 max-h-80 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-overlay",
        list.length === 0 && "hidden",
      )}
    >
      {list.map((suggestion, index) => (
        // biome-ignore lint: keys are those of the field
        <li
          key={`${suggestion.hint}-${suggestion.text}`}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => accept(suggestion)}
          className={classes(
            "flex min-h-8 cursor-pointer items-center gap-3 rounded-sm px-2 hover:bg-hover max-md:min-h-11",
            index === at && "bg-selected",
          )}
        >
          <code className="min-w-0 flex-1 truncate">{suggestion.text}</code>
          <span className="shrink-0 text-xs text-muted">{suggestion.hint}</span>
        </li>
      ))}
    </ul>
  );
}
