import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Bookmark,
  ChevronLeft,
  ChevronRight,
  Home,
  Pencil,
  Pin,
  Save,
  Trash2,
  Users,
} from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useCommands } from "../commands";
import type { Search } from "../filters";
import { Menu, type MenuItem } from "../parts/menu";
import { showError, showToast } from "../parts/toasts";
import { t } from "../words";
import { setColumns, useListColumns } from "./list-columns";
import { addressOfView, viewIn } from "./view-address";
import { beginWith, changeView, orderTabs, starView } from "./view-changes";
import { isEdited, viewOf } from "./view-edits";
import { allViews, type View, viewTabs } from "./view-queries";

const dialogs = () => import("./view-dialogs");
const SaveDialog = lazy(async () => ({ default: (await dialogs()).SaveDialog }));
const RenameDialog = lazy(async () => ({ default: (await dialogs()).RenameDialog }));
const DeleteDialog = lazy(async () => ({ default: (await dialogs()).DeleteDialog }));

/** As wide as its place, so that nothing moves when it comes. */
const viewsPlace = "flex h-8 w-24 justify-end max-md:h-11 max-md:w-11";

type Asking = "save" | "rename" | "delete" | undefined;

/** All views, and what one can do with the one that is shown. */
export function ViewsMenu({ org, search }: { org: string; search: Search }) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<Asking>();
  const [isOpened, setOpened] = useState(false);
  const { data: tabs = [] } = useQuery(viewTabs(org));
  const { data: all } = useQuery({ ...allViews(org), enabled: isOpened });
  const columns = useListColumns(org);
  const shown = viewIn(search, all ?? tabs) ?? viewIn(search, tabs);
  const own = shown?.columns;
  // Only when another view comes: what one shows or hides afterwards stays.
  useEffect(() => {
    if (own) setColumns(org, own);
  }, [org, shown?.id]);
  const kept = { ...viewOf(search), columns: [...columns] };
  const close = () => setAsking(undefined);
  const open = (view: View) => navigate({ to: `/${org}/issues`, search: addressOfView(view) });
  const attempt = (work: Promise<unknown>, text: string) =>
    void work.then(() => showToast({ text }), showError);
  const save = () =>
    shown &&
    attempt(
      changeView(org, shown.id, kept),
      t("{name} is as this list now.", { name: shown.name }),
    );
  useCommands([
    {
      id: "list.save-view",
      title: t("Save this list as a view"),
      group: t("This list"),
      run: () => setAsking("save"),
    },
  ]);
  const others = (all ?? tabs).filter((view) => view !== shown);
  return (
    <span className={viewsPlace}>
      <Menu
        label={t("Views")}
        align="end"
        onOpen={() => setOpened(true)}
        button={
          <>
            <Bookmark size={15} aria-hidden />
            <span className="max-md:hidden">{t("Views")}</span>
          </>
        }
        items={[
          { label: t("Save as a view…"), icon: Save, run: () => setAsking("save") },
          ...(shown
            ? itemsOf(org, shown, tabs, isEdited(shown, search), { attempt, save, ask: setAsking })
            : []),
          ...(others.length > 0 ? ["line" as const, { heading: t("All views") }] : []),
          ...others.map((view) => ({
            label:
              view.visibility === "organization"
                ? t("{name} (shared)", { name: view.name })
                : view.name,
            to: `/${org}/issues`,
            search: addressOfView(view),
          })),
        ]}
      />
      <Suspense>
        {asking === "save" && (
          <SaveDialog org={org} kept={kept} saved={(view) => void open(view)} close={close} />
        )}
        {asking === "rename" && shown && <RenameDialog org={org} view={shown} close={close} />}
        {asking === "delete" && shown && (
          <DeleteDialog
            org={org}
            view={shown}
            deleted={() => void navigate({ to: `/${org}/issues`, search: {} })}
            close={close}
          />
        )}
      </Suspense>
    </span>
  );
}

type Doing = {
  attempt: (work: Promise<unknown>, text: string) => void;
  save: () => void;
  ask: (what: Asking) => void;
};

/** What one may do with a view. */
function itemsOf(
  org: string,
  view: View,
  tabs: View[],
  edited: boolean,
  { attempt, save, ask }: Doing,
): MenuItem[] {
  const { id, name, visibility, starred, isDefault, mayChange } = view;
  const isShared = visibility === "organization";
  const ids = tabs.map((tab) => tab.id);
  const at = ids.indexOf(id);
  const move = (by: number) => {
    const next = ids.toSpliced(at, 1).toSpliced(at + by, 0, id);
    attempt(orderTabs(org, next), t("{name} was moved.", { name }));
  };
  return [
    "line",
    { heading: name },
    ...(mayChange && edited ? [{ label: t("Save changes"), icon: Save, run: save }] : []),
    ...(mayChange
      ? [
          { label: t("Rename…"), icon: Pencil, run: () => ask("rename") },
          {
            label: t("Share with the organization"),
            icon: Users,
            checked: isShared,
            run: () =>
              attempt(
                changeView(org, id, { visibility: isShared ? "owner" : "organization" }),
                isShared
                  ? t("Only you see {name} now.", { name })
                  : t("Everybody sees {name} now.", { name }),
              ),
          },
        ]
      : []),
    {
      label: t("Begin with this view"),
      icon: Home,
      checked: isDefault,
      run: () =>
        attempt(
          beginWith(org, id, !isDefault).then(() =>
            starred ? undefined : starView(org, id, true),
          ),
          isDefault
            ? t("The list begins as everybody's does.")
            : t("The list begins with {name}.", { name }),
        ),
    },
    {
      label: t("Show as a tab"),
      icon: Pin,
      checked: starred,
      run: () =>
        attempt(
          starView(org, id, !starred),
          starred ? t("{name} is no tab any longer.", { name }) : t("{name} is a tab.", { name }),
        ),
    },
    ...(at > 0 ? [{ label: t("Move to the left"), icon: ChevronLeft, run: () => move(-1) }] : []),
    ...(at >= 0 && at < ids.length - 1
      ? [{ label: t("Move to the right"), icon: ChevronRight, run: () => move(1) }]
      : []),
    ...(mayChange
      ? [{ label: t("Delete…"), icon: Trash2, danger: true, run: () => ask("delete") }]
      : []),
  ];
}
