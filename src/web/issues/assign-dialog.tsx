import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Target } from "../api/undo";
import { organization, useMe } from "../frame/session";
import { PickDialog, PickList } from "../parts/pick-list";
import { useSettled } from "../use-settled";
import { t } from "../words";
import { assigneeRows, teamsOf } from "./assignee-choice";
import { AssigneeMark } from "./assignee-mark";
import { give } from "./give";
import { membersNamed } from "./people-queries";

/** Issues that are to be given to somebody. */
export type Assigning = {
  target: Target;
  /** Of what projects they are; undefined where nobody knows, as of all that a filter finds. */
  projects: ReadonlySet<string> | undefined;
  /** "SHOP-1", "3 issues". */
  what: string;
};

/** Who is to work on issues: found by typing. */
export function AssignDialog({
  org,
  of,
  close,
}: {
  org: string;
  of: Assigning;
  close: () => void;
}) {
  const [typed, setTyped] = useState("");
  const words = useSettled(typed.trim());
  const me = useMe();
  const { data: known } = useQuery(organization(org));
  const { data: members = [] } = useQuery(membersNamed(org, words));
  // Oneself stands first: whoever presses Enter before that is known would take another row.
  const rows = me
    ? assigneeRows(typed.trim(), {
        me,
        teams: teamsOf(known?.projects ?? [], known?.teams ?? [], of.projects),
        members,
      })
    : [];
  const label = t("Assign {what}", { what: of.what });
  return (
    <PickDialog label={label} close={close}>
      <PickList
        label={label}
        placeholder={t("Assign {what} to…", { what: of.what })}
        typed={typed}
        type={setTyped}
        rows={rows}
        isComing={!me}
        cells={({ name, hint, to }) => (
          <>
            <AssigneeMark assignee={to} isSilent />
            <span className="min-w-0 flex-1 truncate" dir="auto">
              {name}
            </span>
            <span className="max-w-1/2 truncate text-xs text-muted">{hint}</span>
          </>
        )}
        pick={(row) => {
          close();
          void give(org, of, row.to);
        }}
      />
    </PickDialog>
  );
}
