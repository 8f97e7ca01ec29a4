import { TriangleAlert } from "lucide-react";
import { ApiFault } from "../api/fault";
import { t } from "../words";
import { Button } from "./button";

/** Why something is not here, with a way to try again. */
export function ErrorBox({ error, retry }: { error: unknown; retry?: () => void }) {
  const fault = error instanceof ApiFault ? error : undefined;
  const words =
    fault?.status === 404
      ? t("This does not exist, or is not yours.")
      : fault?.status === 403
        ? `${t("You may not see this.")} ${fault.detail}`
        : (fault?.detail ?? t("Something went wrong on this page."));
  return (
    <div role="alert" className="card m-4 grid justify-items-start gap-2 p-4">
      <p className="flex items-center gap-2 font-medium">
        <TriangleAlert size={16} className="shrink-0 text-danger" aria-hidden />
        {words}
      </p>
      {fault?.requestId && (
        <p className="text-xs text-muted">{t("Request {id}", { id: fault.requestId })}</p>
      )}
      {retry && fault?.status !== 404 && fault?.status !== 403 && (
        <Button onClick={retry}>{t("Try again")}</Button>
      )}
    </div>
  );
}

/** One sentence about what did not work, in a form. */
export function ErrorLine({ children }: { children: string }) {
  return (
    <p
      role="alert"
      className="flex items-start gap-2 rounded-sm bg-danger-tint px-3 py-2 text-danger"
    >
      <TriangleAlert size={16} className="mt-0.5 shrink-0" aria-hidden />
      {children}
    </p>
  );
}
