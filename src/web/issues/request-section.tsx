import { entriesOf, isBranch } from "../../protocol/tree-values";
import { Copy } from "../parts/copy";
import { t } from "../words";
import { curlOf } from "./curl";
import type { HttpRequest } from "./event-parts";
import { JsonTree, Leaf } from "./json-tree";
import { PairList } from "./pair-list";
import { Section } from "./section";

/** What was asked of the program when it failed. */
export function RequestSection({ request }: { request: HttpRequest }) {
  const parts: [string, [string, unknown][]][] = [
    [t("Query"), request.query],
    [t("Headers"), request.headers],
    [t("Cookies"), request.cookies],
    [t("Environment"), request.env],
  ];
  return (
    <Section
      id="request"
      title={t("Request")}
      actions={request.url && <Copy text={() => curlOf(request)} label={t("cURL")} small />}
    >
      <div className="grid gap-3">
        <p className="font-mono text-xs">
          <span className="font-bold">{request.method?.slice(0, 40) ?? "GET"}</span>{" "}
          <Leaf value={request.url ?? ""} />
        </p>
        {request.body !== undefined && (
          <div>
            <h3 className="mb-1 text-xs text-muted">{t("Body")}</h3>
            {isBranch(request.body) ? (
              <JsonTree entries={entriesOf(request.body)} label={t("Body")} openDepth={1} />
            ) : (
              <div className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 font-mono text-xs">
                <Leaf value={request.body} />
              </div>
            )}
          </div>
        )}
        {parts
          .filter(([, pairs]) => pairs.length > 0)
          .map(([title, pairs]) => (
            <div key={title}>
              <h3 className="mb-1 text-xs text-muted">{title}</h3>
              <PairList pairs={pairs} label={title} />
            </div>
          ))}
      </div>
    </Section>
  );
}
