import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { type ReactNode, useState } from "react";
import { classes } from "../parts/classes";
import { CodeBlock } from "../parts/code-block";
import { ErrorBox } from "../parts/error-box";
import { SkeletonBlock } from "../parts/skeleton";
import { t } from "../words";
import { type Destination, fillIn } from "./dsn";
import type { SourceFile, Variant } from "./platform";
import { platformOf } from "./platforms";
import { snippetLanguage } from "./snippet-language";

/** Install, configure, break something: with the project's own DSN. */
export function SetupSteps({ id, destination }: { id: string; destination: Destination }) {
  const { name, load } = platformOf(id);
  const { data, error, refetch } = useQuery({
    queryKey: ["platforms", id],
    queryFn: async () => (await load()).platform,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonBlock height={400} />;
  const steps = [
    ...(data.install.length > 0
      ? [{ title: t("Install"), body: <Install variants={data.install} platform={id} /> }]
      : []),
    {
      title: t("Configure"),
      body: data.files.map((file) => (
        <Snippet key={file.name} file={file} platform={id} destination={destination} />
      )),
    },
    {
      title: t("Break something"),
      help: t("To see that it arrives. Take it out again afterwards."),
      body: <Snippet file={data.verify} platform={id} destination={destination} />,
    },
  ];
  return (
    <>
      <ol className="grid gap-6">
        {steps.map(({ title, help, body }, index) => (
          <Step key={title} number={index + 1} title={title} help={help}>
            {body}
          </Step>
        ))}
      </ol>
      <p>
        <a
          href={data.docs}
          target="_blank"
          rel="noopener noreferrer"
          className="inline-flex items-center gap-1 max-md:min-h-11"
        >
          {t("Everything about {name}", { name })}
          <ExternalLink size={14} aria-hidden />
        </a>
      </p>
    </>
  );
}

/** For what sends already, only elsewhere. */
export function MoveSteps({ destination }: { destination: Destination }) {
  return (
    <ol className="grid gap-6">
      <Step
        number={1}
        title={t("Change the DSN")}
        help={t(
          "Every SDK of Sentry works as it is. Put this in the place of the old address: where the SDK is configured, or in the environment.",
        )}
      >
        <CodeBlock label={t("DSN")} code={destination.dsn} />
        <CodeBlock label={t("Environment")} code={`SENTRY_DSN=${destination.dsn}`} />
      </Step>
      <Step
        number={2}
        title={t("Look for what names the old address too")}
        help={t(
          "Tunnels, content security policies (connect-src and report-uri) and SENTRY_URL of CI jobs.",
        )}
      >
        <CodeBlock label={t("Address of reports")} code={destination.reports} />
      </Step>
      <Step
        number={3}
        title={t("Deploy it")}
        help={t("The first error that comes shows up beside this. Nothing else needs to change.")}
      />
    </ol>
  );
}

function Step({
  number,
  title,
  help,
  children,
}: {
  number: number;
  title: string;
  help?: string | undefined;
  children?: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[28px_minmax(0,1fr)] gap-x-3">
      <span
        aria-hidden
        className="flex size-7 items-center justify-center rounded-full bg-selected font-medium"
      >
        {number}
      </span>
      <div className="grid min-w-0 gap-2">
        <h2 className="text-lg leading-7!">{title}</h2>
        {help && <p className="max-w-prose text-muted">{help}</p>}
        {children}
      </div>
    </li>
  );
}

/** The manager of packages that was chosen last, so that other platforms begin with it. */
let lastLabel: string | undefined;

function Install({ variants, platform }: { variants: Variant[]; platform: string }) {
  const [label, setLabel] = useState(lastLabel);
  const shown = variants.find((one) => one.label === label) ?? variants[0];
  if (!shown) return null;
  return (
    <div className="grid min-w-0 gap-2">
      <div role="group" aria-label={t("Package manager")} className="flex flex-wrap gap-1">
        {variants.map((one) => (
          <button
            key={one.label}
            type="button"
            aria-pressed={one === shown}
            onClick={() => {
              lastLabel = one.label;
              setLabel(one.label);
            }}
            className={classes(
              "min-h-7 rounded-sm px-2 max-md:min-h-11",
              one === shown ? "bg-selected font-medium" : "text-muted hover:bg-hover",
            )}
          >
            {one.label}
          </button>
        ))}
      </div>
      <CodeBlock
        label={t("Install")}
        code={shown.code}
        language={snippetLanguage({ name: "Install", code: shown.code }, platform)}
      />
    </div>
  );
}

function Snippet({
  file,
  platform,
  destination,
}: {
  file: SourceFile;
  platform: string;
  destination: Destination;
}) {
  return (
    <div className="grid min-w-0 gap-1">
      <p className="font-mono text-xs text-muted">{t(file.name)}</p>
      <CodeBlock
        label={file.name}
        code={fillIn(file.code, destination).trimEnd()}
        language={snippetLanguage(file, platform)}
      />
    </div>
  );
}
