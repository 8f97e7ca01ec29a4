import { Link } from "@tanstack/react-router";
import { CircleMinus } from "lucide-react";
import { useState } from "react";
import type { Search } from "../filters";
import { Field } from "../parts/field";
import { t } from "../words";
import { withTag } from "./event-query";
import { WayOut } from "./outside-link";
import { Section } from "./section";

const searchFrom = 12;

/** Tags of one event; each leads to the events that have it, or to those that do not. */
export function TagsSection({
  tags,
  search,
  base,
}: {
  tags: { key: string; value: string }[];
  search: Search;
  /** The address of the issue. */
  base: string;
}) {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = tags.filter(({ key, value }) => `${key}:${value}`.toLowerCase().includes(wanted));
  return (
    <Section
      id="tags"
      title={t("Tags")}
      count={tags.length}
      actions={
        tags.length >= searchFrom && (
          <Field
            label={t("Search tags")}
            hideLabel
            type="search"
            placeholder={t("Search")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="w-40!"
          />
        )
      }
    >
      {found.length === 0 ? (
        <p className="py-2 text-muted" role="status">
          {t("No tag fits.")}
        </p>
      ) : (
        <dl className="grid overflow-hidden rounded-lg border border-line lg:grid-cols-2">
          {found.map(({ key, value }) => (
            <div
              key={key}
              className="group -mb-px grid grid-cols-[minmax(6rem,9rem)_1fr_auto] items-start gap-3 border-b border-line px-3 py-1 lg:odd:border-e"
            >
              <dt className="truncate text-muted" title={key}>
                {key}
              </dt>
              <dd className="min-w-0" dir="auto">
                {value === "" ? (
                  <span className="text-muted">{t("(empty)")}</span>
                ) : (
                  <>
                    <Link
                      to={base}
                      search={withTag(search, key, value)}
                      className="quiet"
                      title={t("Events with this")}
                    >
                      {value}
                    </Link>
                    <WayOut text={value} />
                  </>
                )}
              </dd>
              <dd className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-md:opacity-100">
                <Link
                  to={base}
                  search={withTag(search, key, value, true)}
                  aria-label={t("Events without {tag}", { tag: `${key}: ${value}`.slice(0, 100) })}
                  title={t("Events without this")}
                  className="inline-flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-text"
                >
                  <CircleMinus size={14} aria-hidden />
                </Link>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}
