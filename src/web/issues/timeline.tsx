import { useQuery } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMay, useMe } from "../frame/session";
import { Avatar } from "../parts/avatar";
import { ErrorBox } from "../parts/error-box";
import { RowMenu } from "../parts/row-menu";
import { SkeletonRows } from "../parts/skeleton";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { t } from "../words";
import {
  type Activity,
  addComment,
  editComment,
  issueActivity,
  removeComment,
} from "./activity-queries";
import { activityWords } from "./activity-words";
import { CommentForm } from "./comment-form";
import { CommentText } from "./comment-text";
import { textIn } from "./members";

const ConfirmDialog = lazy(async () => ({
  default: (await import("../parts/dialog")).ConfirmDialog,
}));

type Props = { org: string; issue: string };

/** What happened to an issue, the newest first, and a field for what one has to say of it. */
export function Timeline({
  org,
  issue,
  most,
  autoFocus = false,
}: Props & {
  /** So many entries; all that there are where nothing is given. */
  most?: number;
  autoFocus?: boolean;
}) {
  const found = useQuery(issueActivity(org, issue));
  const mayWrite = useMay(org, "event:write") ?? false;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {mayWrite && (
        <CommentForm
          org={org}
          id="new"
          label={t("New comment")}
          action={t("Comment")}
          autoFocus={autoFocus}
          send={(comment) => addComment(org, issue, comment)}
        />
      )}
      {found.isPending ? (
        <SkeletonRows rows={3} height="var(--row-small)" />
      ) : !found.data ? (
        <ErrorBox error={found.error} retry={() => void found.refetch()} />
      ) : (
        <ol className="grid grid-cols-[minmax(0,1fr)] gap-3" aria-label={t("What happened")}>
          {found.data.slice(0, most).map((item) => (
            <li key={item.id}>
              {item.type === "note" ? (
                <Comment org={org} issue={issue} item={item} />
              ) : (
                <p className="relative flex flex-wrap gap-x-2 ps-8 text-muted">
                  <span
                    aria-hidden
                    className="absolute start-2.25 top-1.75 size-1.5 rounded-full bg-line-strong"
                  />
                  <span className="min-w-0 wrap-anywhere" dir="auto">
                    {activityWords(item)}
                  </span>
                  <Time at={item.dateCreated} />
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Comment({ org, issue, item }: Props & { item: Activity }) {
  const [doing, setDoing] = useState<"edit" | "delete">();
  const me = useMe();
  const isAdmin = useMay(org, "project:write") ?? false;
  const mayChange = isAdmin || (item.user !== null && item.user.id === me?.id);
  const name = item.user?.name ?? t("A token, or somebody who is gone");
  const text = textIn(item.data["text"]) ?? "";
  const mentions = Array.isArray(item.data["mentions"]) ? item.data["mentions"].map(String) : [];
  const close = () => setDoing(undefined);
  return (
    <article aria-label={t("Comment by {name}", { name })} className="flex min-w-0 gap-2">
      <Avatar name={name} silent />
      <div className="grid min-w-0 flex-1 grid-cols-[minmax(0,1fr)] gap-1">
        <header className="flex min-h-6 flex-wrap items-center gap-x-2 text-muted">
          <bdi className="max-w-full truncate font-medium text-text">{name}</bdi>
          <Time at={item.dateCreated} />
          {item.dateEdited && (
            <span className="text-xs">
              {t("changed")} <Time at={item.dateEdited} />
            </span>
          )}
          {mayChange && doing !== "edit" && (
            <span className="-my-1 ms-auto">
              <RowMenu
                label={t("Comment by {name}", { name })}
                items={[
                  { label: t("Edit"), icon: Pencil, run: () => setDoing("edit") },
                  { label: t("Delete"), icon: Trash2, danger: true, run: () => setDoing("delete") },
                ]}
              />
            </span>
          )}
        </header>
        {doing === "edit" ? (
          <CommentForm
            org={org}
            label={t("Comment")}
            action={t("Save")}
            autoFocus
            text={text}
            mentions={mentions}
            send={async (comment) => {
              await editComment(org, issue, item.id, comment);
              close();
            }}
            cancel={close}
          />
        ) : (
          <CommentText text={text} />
        )}
      </div>
      {doing === "delete" && (
        <Suspense>
          <ConfirmDialog
            title={t("Delete the comment?")}
            action={t("Delete")}
            close={close}
            run={async () => {
              await removeComment(org, issue, item.id);
              showToast({ text: t("Comment deleted") });
            }}
          >
            {t("It is gone for everybody, and cannot be brought back.")}
          </ConfirmDialog>
        </Suspense>
      )}
    </article>
  );
}
