import { t } from "../words";

const unknownKey = /^(\d{1,5})-(\d{1,5}) unknown key/;

/** What the API noted of a search (`X-Query-Notes`), in words for whoever wrote it. */
export function queryNotes(query: string, notes: string | undefined): string[] {
  return (notes ?? "").split("; ").flatMap((note) => {
    const [, from, to] = unknownKey.exec(note) ?? [];
    if (from === undefined) return note === "" ? [] : [note];
    const term = query.slice(Number(from), Number(to));
    return [t("Nothing here is called like the key of {term}: looked for as a text.", { term })];
  });
}
