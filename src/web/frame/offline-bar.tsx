import { onlineManager } from "@tanstack/react-query";
import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";
import { t } from "../words";

export const useIsOnline = (): boolean =>
  useSyncExternalStore(
    (listener) => onlineManager.subscribe(listener),
    () => onlineManager.isOnline(),
  );

/** Without a connection, what is shown is what was read last, and nothing can be changed. */
export function OfflineBar() {
  if (useIsOnline()) return null;
  return (
    <p role="status" className="flex items-center gap-2 bg-warn-tint px-4 py-2 text-warn">
      <WifiOff size={15} aria-hidden />
      {t("No connection. What you see may be old, and nothing can be changed.")}
    </p>
  );
}
