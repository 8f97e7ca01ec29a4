import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { ErrorBox } from "../parts/error-box";
import { t } from "../words";
import { installation, organizationAtHand, organizations, session } from "./session";

/** `/`: to the issues of the organization that was looked at last, or to what comes before. */
export function Page() {
  const person = useQuery(session);
  const known = useQuery({ ...installation, enabled: person.data === null });
  const all = useQuery({ ...organizations, enabled: Boolean(person.data) });
  const failed = [person, known, all].find(({ isError }) => isError);
  if (failed) {
    return (
      <main>
        <h1 className="sr-only">{t("Start page")}</h1>
        <ErrorBox error={failed.error} retry={() => void failed.refetch()} />
      </main>
    );
  }
  if (person.data === null && known.data) {
    return <Navigate to={known.data.firstUser === "exists" ? "/login" : "/welcome"} replace />;
  }
  if (!all.data) return null;
  const org = organizationAtHand(all.data);
  return org ? (
    <Navigate to={`/${org.slug}/issues`} replace />
  ) : (
    <Navigate to="/organizations/new" replace />
  );
}
