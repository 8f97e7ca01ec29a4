import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../frame/settings-frame";
import { attempt } from "../parts/attempt";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { Check, Choice, Field } from "../parts/field";
import { SkeletonRows } from "../parts/skeleton";
import { t } from "../words";
import {
  notificationDefault,
  projectAlerts,
  projectsFrom,
  saveNotificationDefault,
  saveProjectAlert,
} from "./queries";

export function Page() {
  return (
    <SettingsPage
      area="profile"
      title={t("Notifications")}
      help={t(
        "Which alerts of projects reach you by mail. What a project alerts of, its alert rules say.",
      )}
    >
      <DefaultCard />
      <ProjectsCard />
    </SettingsPage>
  );
}

function DefaultCard() {
  const known = useQuery(notificationDefault);
  return (
    <Card title={t("By default")}>
      {known.isError && !known.data ? (
        <ErrorBox error={known.error} retry={() => void known.refetch()} />
      ) : !known.data ? (
        <SkeletonRows rows={1} height="44px" />
      ) : (
        <Check
          label={t("Mail me alerts of the projects of my teams")}
          help={t("Projects that you chose otherwise below keep their own setting.")}
          checked={known.data.subscribeByDefault}
          onChange={({ target }) =>
            void attempt(() => saveNotificationDefault(target.checked), t("Saved"))
          }
        />
      )}
    </Card>
  );
}

/** From so many projects on they are easier typed than looked for. */
const searchFrom = 10;

function ProjectsCard() {
  const own = useQuery(projectAlerts);
  const pages = useInfiniteQuery({
    queryKey: ["me", "all-projects"],
    queryFn: ({ pageParam }) => projectsFrom(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const [typed, setTyped] = useState("");
  const failed = [own, pages].find(({ isError, data }) => isError && data === undefined);
  const projects = pages.data?.pages.flatMap(({ rows }) => rows);
  const wanted = typed.trim().toLowerCase();
  const shown = projects?.filter(({ name, slug, organization }) =>
    `${name} ${slug} ${organization.name}`.toLowerCase().includes(wanted),
  );
  return (
    <Card title={t("By project")} help={t("Where the default does not fit.")}>
      {failed ? (
        <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
      ) : !projects || !shown || !own.data ? (
        <SkeletonRows rows={3} height="44px" />
      ) : projects.length === 0 ? (
        <Empty>{t("You can see no project yet.")}</Empty>
      ) : (
        <div className="grid gap-2">
          {projects.length >= searchFrom && (
            <Field
              label={t("Find a project")}
              type="search"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
          <ul className="divide-y divide-line">
            {shown.map(({ id, name, organization }) => (
              <li key={id} className="flex min-h-11 items-center gap-3 py-1">
                <span className="min-w-0 flex-1">
                  {name} <span className="text-muted">{organization.name}</span>
                </span>
                <div className="w-36 shrink-0">
                  <Choice
                    label={t("Alerts of {name}", { name })}
                    hideLabel
                    value={String(choiceOf(own.data, id))}
                    options={[
                      { value: "-1", label: t("As by default") },
                      { value: "1", label: t("On") },
                      { value: "0", label: t("Off") },
                    ]}
                    onChange={({ target }) =>
                      void attempt(() => saveProjectAlert(id, Number(target.value)), t("Saved"))
                    }
                  />
                </div>
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p className="text-muted">{t("No project is called that.")}</p>}
          {pages.hasNextPage && (
            <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {t("Show more projects")}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}

const choiceOf = (own: Record<string, number>, id: string): number =>
  Object.hasOwn(own, id) ? (own[id] ?? -1) : -1;
