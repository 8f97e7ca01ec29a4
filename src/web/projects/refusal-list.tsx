import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ApiFault } from "../api/fault";
import { useMay } from "../frame/session";
import { Button } from "../parts/button";
import { copyText } from "../parts/copy";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import {
  changeKey,
  changeProject,
  type Project,
  type ProjectKey,
  type Refusal,
  refusals,
} from "./queries";
import { keyOfPrefix, remedyWords, whyRefused } from "./refusal-words";

const shownMax = 10;

/** What the doors turned away of the project, as it comes, with what helps. */
export function RefusalList({
  org,
  project,
  keys,
  lookAgainMs,
}: {
  org: string;
  project: Project;
  keys: ProjectKey[];
  lookAgainMs: number;
}) {
  const { data } = useQuery({
    ...refusals(org, project.slug),
    refetchInterval: Math.max(2000, lookAgainMs),
  });
  if (!data || data.length === 0) return null;
  return (
    <section aria-label={t("Refused")} className="grid gap-2 border-t border-line pt-3">
      <h3 className="text-base">{t("Refused in the last 10 minutes")}</h3>
      <ul role="log" aria-label={t("Refused")} className="grid gap-3">
        {data.slice(0, shownMax).map((row) => (
          <li
            key={`${row.reason} ${row.keyPrefix} ${row.origin}`}
            className="grid grid-cols-[16px_minmax(0,1fr)] gap-x-2 gap-y-1"
          >
            <TriangleAlert size={16} className="mt-0.5 text-warn" aria-hidden />
            <p>{whyRefused(row)}</p>
            <div className="col-start-2 grid justify-items-start gap-1">
              <p className="text-xs text-muted">{t(remedyWords[row.remedy])}</p>
              <Remedy org={org} project={project} keys={keys} refusal={row} />
            </div>
          </li>
        ))}
      </ul>
      {data.length > shownMax && (
        <p className="text-xs text-muted">{t("and {n} more", { n: data.length - shownMax })}</p>
      )}
    </section>
  );
}

type Around = { org: string; project: Project; keys: ProjectKey[]; refusal: Refusal };

/** The button that helps, for whoever may press it; else where it is set. */
function Remedy({ org, project, keys, refusal }: Around) {
  const mayWrite = useMay(org, "project:write");
  const key = keyOfPrefix(keys, refusal.keyPrefix);
  const { slug } = project;
  const at = `/${org}/settings/projects/${slug}`;
  const { origin } = refusal;
  switch (refusal.remedy) {
    case "check_dsn": {
      const dsn = keys.find(({ isActive }) => isActive)?.dsn.public;
      return dsn ? (
        <Button small onClick={() => void copyText(dsn, t("DSN"))}>
          {t("Copy the right DSN")}
        </Button>
      ) : null;
    }
    case "allow_origin":
      if (!mayWrite || !origin) return <LinkTo to={`${at}/general`}>{t("Allowed domains")}</LinkTo>;
      if (project.allowedDomains.includes(origin)) return <Done />;
      return (
        <Act
          label={t("Allow {origin}", { origin })}
          run={() =>
            changeProject(org, slug, { allowedDomains: [...project.allowedDomains, origin] })
          }
        />
      );
    case "enable_key":
      if (!mayWrite || !key) return <LinkTo to={`${at}/keys`}>{t("Keys")}</LinkTo>;
      if (key.isActive) return <Done />;
      return (
        <Act
          label={t("Enable the key")}
          run={() => changeKey(org, slug, key.id, { isActive: true })}
        />
      );
    case "lower_throttle_rate":
      if (!mayWrite || project.eventThrottleRate === 0)
        return <LinkTo to={`${at}/general`}>{t("Throttle of the project")}</LinkTo>;
      return (
        <Act
          label={t("Turn the throttle off")}
          run={() => changeProject(org, slug, { eventThrottleRate: 0 })}
        />
      );
    case "raise_limit":
      if (!mayWrite || !key?.rateLimit) return <LinkTo to={`${at}/keys`}>{t("Keys")}</LinkTo>;
      return (
        <Act
          label={t("Remove the limit of the key")}
          run={() => changeKey(org, slug, key.id, { rateLimit: null })}
        />
      );
    case "set_limit":
      return <LinkTo to={`${at}/keys`}>{t("Keys")}</LinkTo>;
    case "accept_events":
      return <LinkTo to={`/${org}/settings`}>{t("Organization settings")}</LinkTo>;
    case "check_body":
    case "send_less":
    case "try_again":
      return null;
  }
}

const LinkTo = ({ to, children }: { to: string; children: string }) => (
  <Link to={to} className="inline-flex items-center max-md:min-h-11">
    {children}
  </Link>
);

const Done = () => <p className="text-xs text-ok">{t("Done. It counts within a minute.")}</p>;

function Act({ label, run }: { label: string; run: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await run();
      showToast({ text: t("Done. It counts within a minute.") });
    } catch (error) {
      const detail = error instanceof ApiFault ? error.detail : t("It did not work.");
      showToast({ text: detail, isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button small busy={busy} onClick={() => void act()}>
      {label}
    </Button>
  );
}
