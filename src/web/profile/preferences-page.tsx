import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { ApiFault } from "../api/fault";
import { SettingsPage } from "../frame/settings-frame";
import { Card } from "../parts/card";
import { Check, Choice } from "../parts/field";
import { Radios } from "../parts/radios";
import { Time } from "../parts/time";
import { showToast } from "../parts/toasts";
import { optionsOf, type Preferences } from "../preferences";
import { preferences, setPreferences, usePreferences } from "../use-preferences";
import { t } from "../words";
import { saveOptions } from "./queries";

export function Page() {
  const chosen = usePreferences();
  // One after the other, so that the last choice is the one that stays.
  const save = useMutation({
    scope: { id: "preferences" },
    mutationFn: () => saveOptions(optionsOf(preferences())),
    onError: (error) => {
      if (error instanceof ApiFault) {
        showToast({
          text: t("Kept in this browser only: {why}", { why: error.detail }),
          isError: true,
        });
      }
    },
  });
  const choose = (change: Partial<Preferences>) => {
    setPreferences(change);
    save.mutate();
  };
  return (
    <SettingsPage
      area="profile"
      title={t("Preferences")}
      help={t("How pages look to you. Saved at once, and there when you sign in elsewhere.")}
    >
      <Card title={t("Look")}>
        <div className="grid gap-4">
          <Radios
            label={t("Theme")}
            help={t("As the system follows your device, also at dusk.")}
            value={chosen.theme}
            options={[
              { value: "system", label: t("As the system") },
              { value: "light", label: t("Light") },
              { value: "dark", label: t("Dark") },
            ]}
            choose={(theme) => choose({ theme })}
          />
          <Radios
            label={t("Density of lists")}
            help={t("Compact shows more rows at once. This browser only.")}
            value={chosen.density}
            options={[
              { value: "comfortable", label: t("Comfortable") },
              { value: "compact", label: t("Compact") },
            ]}
            choose={(density) => choose({ density })}
          />
        </div>
      </Card>
      <TimeCard chosen={chosen} choose={choose} />
      <Card title={t("Stack traces and keys")}>
        <div className="grid gap-4">
          <Radios
            label={t("Order of stack traces")}
            help={t("Where the call that failed stands.")}
            value={chosen.newestFrameFirst ? "newest" : "oldest"}
            options={[
              { value: "newest", label: t("Most recent call first") },
              { value: "oldest", label: t("Most recent call last") },
            ]}
            choose={(order) => choose({ newestFrameFirst: order === "newest" })}
          />
          <Check
            label={t("Single letters are commands")}
            help={t(
              "Press ? on any page to see them. Turn it off if you dictate, or press keys by accident; those with Ctrl or ⌘ stay. This browser only.",
            )}
            checked={chosen.letterKeys}
            onChange={({ target }) => choose({ letterKeys: target.checked })}
          />
        </div>
      </Card>
    </SettingsPage>
  );
}

function TimeCard({
  chosen,
  choose,
}: {
  chosen: Preferences;
  choose: (change: Partial<Preferences>) => void;
}) {
  const zones = useMemo(zoneOptions, []);
  const now = useMemo(() => new Date().toISOString(), []);
  return (
    <Card title={t("Time")}>
      <div className="grid gap-4">
        <Choice
          label={t("Time zone")}
          help={
            <>
              {t("In which times are shown and dates are picked. Now it is:")}{" "}
              <Time at={now} absolute />
            </>
          }
          value={chosen.timeZone}
          options={zones}
          onChange={({ target }) => choose({ timeZone: target.value })}
        />
        <Radios
          label={t("Clock")}
          help={t("Everywhere on these pages.")}
          value={chosen.hour12 === null ? "browser" : chosen.hour12 ? "12" : "24"}
          options={[
            { value: "browser", label: t("As the browser") },
            { value: "24", label: t("24 hours") },
            { value: "12", label: t("12 hours") },
          ]}
          choose={(clock) => choose({ hour12: clock === "browser" ? null : clock === "12" })}
        />
      </div>
    </Card>
  );
}

function zoneOptions() {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [
    { value: "", label: t("As the browser ({zone})", { zone: own }) },
    { value: "UTC", label: "UTC" },
    ...Intl.supportedValuesOf("timeZone")
      .filter((zone) => zone !== "UTC")
      .map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
  ];
}
