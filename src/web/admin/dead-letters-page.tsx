import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../frame/settings-frame";
import { attempt } from "../parts/attempt";
import { formatBytes } from "../parts/bytes";
import { ConfirmDialog, Dialog } from "../parts/dialog";
import { Empty } from "../parts/empty";
import { ErrorBox } from "../parts/error-box";
import { ListPages } from "../parts/list-pages";
import { RowMenu } from "../parts/row-menu";
import { SkeletonBlock } from "../parts/skeleton";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { plural, t } from "../words";
import { type DeadLetter, deadLetter, deadLetters, discard, replay } from "./queries";

/** Messages that could not be digested: why, what is in them, and a second try. */
export function Page() {
  const list = useInfiniteQuery(deadLetters);
  const [asked, setAsked] = useState<{ kind: "look" | "discard"; letter: DeadLetter }>();
  const close = () => setAsked(undefined);
  const tryAgain = (letter: DeadLetter) =>
    attempt(
      () => replay(letter),
      t("It is on its queue again. Should it fail again, it comes back here."),
    );
  return (
    <SettingsPage
      area="admin"
      wide
      title={t("Dead letters")}
      help={t(
        "Messages that failed time and again. They are kept for 30 days; once what was wrong is mended, they can be tried again.",
      )}
    >
      <div className="card">
        <ListPages
          list={list}
          empty={
            <Empty>{t("There are none: everything that was accepted has been digested.")}</Empty>
          }
        >
          {(rows) => (
            <Table
              label={t("Dead letters")}
              rows={rows}
              keyOf={({ id }) => id}
              columns={[
                {
                  label: t("Reason"),
                  cell: ({ reason, queue }) => (
                    <span className="grid min-w-0 max-w-96">
                      <span className="line-clamp-2">{reason}</span>
                      <code className="text-muted">{queue}</code>
                    </span>
                  ),
                },
                {
                  label: t("Tries"),
                  cell: ({ attempts }) => attempts,
                  align: "end",
                  wideOnly: true,
                },
                {
                  label: t("Size"),
                  cell: ({ bytes }) => formatBytes(bytes),
                  align: "end",
                  wideOnly: true,
                },
                {
                  label: t("Failed"),
                  cell: ({ failedAt }) => <Time at={failedAt} />,
                  align: "end",
                },
                {
                  label: t("Actions"),
                  align: "end",
                  cell: (letter) => (
                    <RowMenu
                      label={t("Actions for the message of {queue}", { queue: letter.queue })}
                      items={[
                        { label: t("Look"), run: () => setAsked({ kind: "look", letter }) },
                        { label: t("Try again"), run: () => void tryAgain(letter) },
                        {
                          label: t("Discard"),
                          danger: true,
                          run: () => setAsked({ kind: "discard", letter }),
                        },
                      ]}
                    />
                  ),
                },
              ]}
            />
          )}
        </ListPages>
      </div>
      {asked?.kind === "look" && (
        <Dialog title={t("Dead letter")} close={close} wide>
          <Preview letter={asked.letter} />
        </Dialog>
      )}
      {asked?.kind === "discard" && (
        <ConfirmDialog
          title={t("Discard this message?")}
          action={t("Discard")}
          close={close}
          run={() => discard(asked.letter.id)}
        >
          <p>{t("What is in it is lost. This cannot be taken back.")}</p>
        </ConfirmDialog>
      )}
    </SettingsPage>
  );
}

function Preview({ letter }: { letter: DeadLetter }) {
  const { data, isError, error, refetch } = useQuery(deadLetter(letter.id));
  if (isError) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonBlock height={160} />;
  return (
    <div className="grid gap-3">
      <p>{data.reason}</p>
      <p className="text-muted">
        {data.projectId !== null && (
          <span className="me-3">{t("Project {id}", { id: data.projectId })}</span>
        )}
        {data.receivedAt !== null && <Time at={data.receivedAt} absolute />}
      </p>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {data.items.map(({ type, bytes }, index) => (
          <li key={`${type} ${index}`}>
            <code>{type}</code> <span className="text-muted">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {data.preview.text && (
        <>
          {/* biome-ignore lint: what scrolls must be reachable by keys */}
          <pre
            tabIndex={0}
            className="max-h-80 overflow-auto rounded-lg border border-line bg-sunken p-3 whitespace-pre-wrap"
          >
            {data.preview.text}
            {data.preview.isCut && "…"}
          </pre>
        </>
      )}
      <p className="text-xs text-muted">{plural(data.attempts, "try", "tries")}</p>
    </div>
  );
}
