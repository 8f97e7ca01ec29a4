import { useQuery } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { useState } from "react";
import { SettingsPage } from "../frame/settings-frame";
import { attempt } from "../parts/attempt";
import { Badge } from "../parts/badge";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ErrorBox } from "../parts/error-box";
import { SkeletonRows } from "../parts/skeleton";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { deviceOf } from "./devices";
import { endSessions, type Session, sessions } from "./queries";

export function Page() {
  const all = useQuery(sessions);
  const [busy, setBusy] = useState<number | "others">();
  const others = all.data?.filter(({ is_current }) => !is_current) ?? [];
  const end = async (which: number | "others", ids: number[]) => {
    setBusy(which);
    await attempt(
      () => endSessions(ids),
      t("{n} ended", { n: plural(ids.length, "session", "sessions") }),
    );
    setBusy(undefined);
  };
  const sorted = all.data?.toSorted(
    (a, b) =>
      Number(b.is_current) - Number(a.is_current) ||
      (b.last_seen_at ?? b.created_at) - (a.last_seen_at ?? a.created_at),
  );
  return (
    <SettingsPage
      area="profile"
      title={t("Sessions")}
      help={t("Where you are signed in. End what you do not know, and change your password.")}
    >
      <Card
        title={t("Open sessions")}
        actions={
          others.length > 0 && (
            <Button
              busy={busy === "others"}
              onClick={() =>
                void end(
                  "others",
                  others.map(({ id }) => id),
                )
              }
            >
              {t("End all others")}
            </Button>
          )
        }
      >
        {all.isError && !all.data ? (
          <ErrorBox error={all.error} retry={() => void all.refetch()} />
        ) : !sorted ? (
          <SkeletonRows rows={2} />
        ) : (
          <ul className="divide-y divide-line">
            {sorted.map((session) => (
              <SessionRow
                key={session.id}
                session={session}
                busy={busy === session.id}
                end={() => void end(session.id, [session.id])}
              />
            ))}
          </ul>
        )}
      </Card>
    </SettingsPage>
  );
}

function SessionRow({ session, busy, end }: { session: Session; busy: boolean; end: () => void }) {
  const { browser, system, isPhone, words } = deviceOf(session.user_agent);
  const Icon = isPhone ? Smartphone : Monitor;
  const name =
    browser && system
      ? t("{browser} on {system}", { browser, system })
      : (browser ?? system ?? (words || t("Unknown program")));
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 first:pt-0 last:pb-0">
      <Icon size={20} className="shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2" title={session.user_agent ?? ""}>
          {name}
          {session.is_current && <Badge tone="ok">{t("this one")}</Badge>}
        </p>
        <p className="text-xs text-muted">
          {session.ip || t("unknown address")}
          {", "}
          {t("since")} <Time at={atSeconds(session.created_at)} />
          {session.last_seen_at !== null && (
            <>
              {", "}
              {t("seen")} <Time at={atSeconds(session.last_seen_at)} />
            </>
          )}
        </p>
      </div>
      {!session.is_current && (
        <Button busy={busy} onClick={end} aria-label={t("End the session of {name}", { name })}>
          {t("End")}
        </Button>
      )}
    </li>
  );
}

const atSeconds = (seconds: number) => new Date(seconds * 1000).toISOString();
