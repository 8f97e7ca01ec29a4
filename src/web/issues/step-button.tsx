import type { LucideIcon } from "lucide-react";
import { Button } from "../parts/button";

/** A way to a neighbour that stays in its place, and does nothing, where there is none. */
export function StepButton({
  icon,
  keys,
  off,
  run,
  children,
}: {
  icon: LucideIcon;
  keys: string;
  off: boolean;
  run: () => void;
  children: string;
}) {
  return (
    <Button
      kind="quiet"
      icon={icon}
      iconOnly
      small
      keys={keys}
      aria-disabled={off || undefined}
      onClick={() => {
        if (!off) run();
      }}
      className="max-md:min-h-11! max-md:min-w-11"
    >
      {children}
    </Button>
  );
}
