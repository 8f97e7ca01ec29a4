import { Check, Copy as CopyIcon } from "lucide-react";
import { useState } from "react";
import { t } from "../words";
import { Button } from "./button";
import { showToast } from "./toasts";

/** Puts a text on the clipboard and says so. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    showToast({ text: t("{what} copied", { what }) });
  } catch {
    showToast({
      text: t("This browser does not let pages copy. Select the text instead."),
      isError: true,
    });
  }
}

export function Copy({
  text,
  label,
  iconOnly,
  small,
}: {
  text: string | (() => string | Promise<string>);
  label: string;
  iconOnly?: boolean;
  small?: boolean;
}) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await copyText(typeof text === "string" ? text : await text(), label);
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return (
    <Button
      kind="quiet"
      icon={isDone ? Check : CopyIcon}
      iconOnly={iconOnly ?? false}
      small={small ?? false}
      onClick={() => void copy()}
    >
      {iconOnly ? t("Copy {what}", { what: label }) : t("Copy")}
    </Button>
  );
}
