import { useOffered } from "../commands";
import { Dialog } from "../parts/dialog";
import { Kbd } from "../parts/kbd";
import { t } from "../words";

/** The keys that do something on this page. */
export function KeyHelp({ close }: { close: () => void }) {
  const offered = useOffered().filter(({ keys }) => keys);
  const groups = [...new Set(offered.map(({ group }) => group ?? t("This page")))];
  return (
    <Dialog title={t("Keys")} close={close} wide>
      <div className="grid max-h-[70dvh] gap-6 overflow-y-auto md:grid-cols-2">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1 text-muted">{group}</h3>
            <dl>
              {offered
                .filter((command) => (command.group ?? t("This page")) === group)
                .map(({ id, title, keys = "" }) => (
                  <div
                    key={id}
                    className="flex items-center justify-between gap-4 border-b border-line py-1"
                  >
                    <dt>{title}</dt>
                    <dd>
                      <Kbd keys={keys} />
                      <span className="sr-only">{keys}</span>
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="text-xs text-muted">
        {t(
          "Letters do nothing while you type in a field. They can be turned off in your preferences.",
        )}
      </p>
    </Dialog>
  );
}
