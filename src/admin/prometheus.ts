type Sample = { labels?: Record<string, string>; value: number };
/** One number, or one for each set of labels; without samples it is left out. */
export type Metric = { name: string; help: string; samples: Sample[] };

/** Gauges in the text format of Prometheus. */
export const prometheusText = (metrics: Metric[]): string =>
  metrics
    .filter(({ samples }) => samples.length > 0)
    .map(toText)
    .join("");

function toText({ name, help, samples }: Metric): string {
  const full = `brinkwatch_${name}`;
  const lines = samples.map(({ labels, value }) => {
    const list = Object.entries(labels ?? {}).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
    return `${full}${list.length > 0 ? `{${list.join(",")}}` : ""} ${value}\n`;
  });
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join("")}`;
}

const escapeLabel = (text: string) =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
