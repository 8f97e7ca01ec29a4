import { Download } from "lucide-react";
import { Button } from "../parts/button";
import { Copy } from "../parts/copy";
import { t } from "../words";

/** Codes that are shown this once, to be kept away from the phone. */
export function RecoveryCodes({ codes }: { codes: string[] }) {
  const text = `${codes.join("\n")}\n`;
  return (
    <div className="grid gap-3 rounded-lg border border-warn bg-warn-tint p-3">
      <p className="font-medium text-warn">
        {t("Keep them now: they are not shown again. Each works once, instead of a code.")}
      </p>
      <ul
        aria-label={t("Recovery codes")}
        className="grid grid-cols-2 gap-x-6 gap-y-1 rounded-sm bg-bg p-3"
      >
        {codes.map((code) => (
          <li key={code}>
            <code className="select-all">{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Copy text={text} label={t("Recovery codes")} />
        <Button kind="quiet" icon={Download} onClick={() => download(text)}>
          {t("Download")}
        </Button>
      </div>
    </div>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "brinkwatch-recovery-codes.txt";
  link.click();
  URL.revokeObjectURL(address);
}
