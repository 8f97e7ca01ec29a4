import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { ApiFault } from "../api/fault";
import { ErrorBox } from "../parts/error-box";
import { lastOrganization, me, organizations } from "./session";

/** `/`: to the issues of the organization that was looked at last, or to what comes before. */
export function Page() {
  const person = useQuery(me);
  const all = useQuery({ ...organizations, enabled: person.isSuccess });
  if (person.error instanceof ApiFault && person.error.status === 401)
    return <Navigate to="/login" replace />;
  const error = person.error ?? all.error;
  if (error)
    return <ErrorBox error={error} retry={() => void (person.isError ? person : all).refetch()} />;
  if (!all.data) return null;
  const last = lastOrganization();
  const org = all.data.find(({ slug }) => slug === last) ?? all.data[0];
  return org ? (
    <Navigate to={`/${org.slug}/issues`} replace />
  ) : (
    <Navigate to="/organizations/new" replace />
  );
}
