import { useQuery } from "@tanstack/react-query";
import { useId, useLayoutEffect, useRef, useState } from "react";
import { organization } from "../frame/session";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import { classes } from "../parts/classes";
import { TextArea } from "../parts/field";
import { Form } from "../parts/form";
import { useSettled } from "../use-settled";
import { t } from "../words";
import type { WrittenComment } from "./activity-queries";
import { hasWords } from "./assignee-choice";
import { type Mention, mentionAt, mentionsIn, withMention } from "./mention";
import { membersNamed } from "./people-queries";

/** As many as the server takes. */
const textCharsMax = 10_000;
const offeredMax = 6;

/** A comment while it is written: Markdown, and people and teams after an `@`. */
export function CommentForm({
  org,
  label,
  action,
  id,
  autoFocus = false,
  text: first = "",
  mentions: before = [],
  send,
  cancel,
}: {
  org: string;
  label: string;
  /** What the button is called. */
  action: string;
  /** Of the field, for whoever leads here. */
  id?: string;
  autoFocus?: boolean;
  text?: string;
  mentions?: string[];
  send: (comment: WrittenComment) => Promise<void>;
  cancel?: () => void;
}) {
  const [text, setText] = useState(first);
  const [chosen, setChosen] = useState<Mention[]>([]);
  const offer = useOffer(org, text);
  const list = useId();
  const field = useRef<HTMLDivElement>(null);
  const area = () => field.current?.querySelector("textarea");
  const caret = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (caret.current === undefined) return;
    area()?.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  });
  const take = (mention: Mention | undefined) => {
    if (!mention) return;
    const next = withMention(text, offer.caret, mention);
    setText(next.text);
    setChosen([...chosen, mention]);
    caret.current = next.caret;
    offer.look(undefined);
    area()?.focus();
  };
  return (
    <Form
      label={label}
      className="grid gap-2"
      send={async () => {
        await send({ text, mentions: mentionsIn(text, chosen, before) });
        setText("");
        setChosen([]);
      }}
    >
      {({ busy, trouble }) => (
        <>
          <div ref={field}>
            <TextArea
              label={label}
              hideLabel
              name="text"
              rows={3}
              required
              maxLength={textCharsMax}
              autoFocus={autoFocus}
              placeholder={t("Markdown; @ names somebody")}
              error={trouble.of("text")}
              value={text}
              data-comment={id}
              aria-autocomplete="list"
              {...(offer.rows.length > 0 && {
                "aria-controls": list,
                "aria-activedescendant": `${list}-${offer.at}`,
              })}
              onChange={({ target }) => {
                setText(target.value);
                offer.look(target.selectionStart);
              }}
              onBlur={() => offer.look(undefined)}
              onKeyDown={(event) => {
                if (offer.rows.length === 0 || event.metaKey || event.ctrlKey) return;
                if (event.key === "ArrowDown") offer.move(1);
                else if (event.key === "ArrowUp") offer.move(-1);
                else if (event.key === "Enter" || event.key === "Tab") take(offer.rows[offer.at]);
                else if (event.key === "Escape") offer.look(undefined);
                else return;
                event.preventDefault();
                event.stopPropagation();
              }}
            />
            <MentionList id={list} offer={offer} take={take} />
          </div>
          <div className="flex justify-end gap-2">
            {cancel && <Button onClick={cancel}>{t("Cancel")}</Button>}
            <Button type="submit" busy={busy} disabled={text.trim() === ""}>
              {action}
            </Button>
          </div>
        </>
      )}
    </Form>
  );
}

function MentionList({
  id,
  offer: { rows, at },
  take,
}: {
  id: string;
  offer: Pick<ReturnType<typeof useOffer>, "rows" | "at">;
  take: (mention: Mention) => void;
}) {
  if (rows.length === 0) return null;
  return (
    <ul
      id={id}
      role="listbox"
      aria-label={t("People and teams")}
      className="mt-1 rounded-lg border border-line bg-raised p-1 shadow-overlay"
    >
      {rows.map((mention, index) => (
        // biome-ignore lint: keys are those of the field above
        <li
          key={mention.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          // The field keeps the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            take(mention);
          }}
          className={classes(
            "flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 hover:bg-hover max-md:min-h-11",
            index === at && "bg-selected",
          )}
        >
          <Avatar name={mention.name} size={20} silent isTeam={mention.id.startsWith("team:")} />
          <span className="truncate" dir="auto">
            {mention.name}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Whom one may mean who is typing a name. */
function useOffer(org: string, text: string) {
  const [caret, look] = useState<number>();
  const [at, setAt] = useState(0);
  const typed = caret === undefined ? undefined : mentionAt(text, caret);
  const words = useSettled(typed?.words ?? "");
  const { data: members = [] } = useQuery({
    ...membersNamed(org, words),
    enabled: typed !== undefined,
  });
  const { data: known } = useQuery(organization(org));
  const rows: Mention[] = typed
    ? [
        ...members
          .filter(({ name, email }) => hasWords(`${name} ${email}`, typed.words))
          .map(({ id, name, email }) => ({ id: `user:${id}`, name: name || email })),
        ...(known?.teams ?? [])
          .filter(({ slug }) => hasWords(slug, typed.words))
          .map(({ id, slug }) => ({ id: `team:${id}`, name: slug })),
      ].slice(0, offeredMax)
    : [];
  const chosen = Math.min(at, Math.max(0, rows.length - 1));
  return {
    caret: caret ?? text.length,
    rows,
    at: chosen,
    move: (by: number) => setAt((chosen + by + rows.length) % Math.max(1, rows.length)),
    look: (next: number | undefined) => {
      look(next);
      setAt(0);
    },
  };
}
