import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTitle } from "../frame/page";
import { installation } from "../frame/session";
import icon from "../icon.svg";

/** A page for whoever is not in yet: one form in the middle. */
export function AuthFrame({
  title,
  help,
  children,
  below,
  wide,
}: {
  title: string;
  /** One sentence below the heading. */
  help?: ReactNode;
  children: ReactNode;
  /** Ways to other pages. */
  below?: ReactNode;
  wide?: boolean;
}) {
  useTitle(title);
  const { data: known } = useQuery(installation);
  const name = known?.glitchtipInstanceName || "Brinkwatch";
  return (
    <main
      id="main"
      className="grid min-h-dvh content-start justify-items-center gap-4 bg-sunken px-4 py-8 md:pt-24"
    >
      <p className="flex max-w-md items-center gap-2 text-lg font-medium">
        <img src={icon} alt="" width={28} height={28} />
        <span className="min-w-0">{name}</span>
      </p>
      <div className={`card grid w-full gap-4 p-6 ${wide ? "max-w-xl" : "max-w-md"}`}>
        <div className="grid gap-1">
          <h1 className="text-xl">{title}</h1>
          {help && <p className="text-muted">{help}</p>}
        </div>
        {children}
      </div>
      {below && <div className="grid justify-items-center gap-1 text-muted">{below}</div>}
    </main>
  );
}
