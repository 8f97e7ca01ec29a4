import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Page as Frame } from "../frame/page";
import { createOrganization, installation, organizations, useMe } from "../frame/session";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import { Card } from "../parts/card";
import { ErrorBox } from "../parts/error-box";
import { Field } from "../parts/field";
import { Form, textOf } from "../parts/form";
import { SkeletonRows } from "../parts/skeleton";
import { t } from "../words";

/** The organizations that one belongs to, and a new one for whoever may make it. */
export function Page() {
  const mine = useQuery(organizations);
  return (
    <Frame title={t("Organizations")} narrow>
      {mine.isError ? (
        <ErrorBox error={mine.error} retry={() => void mine.refetch()} />
      ) : mine.data === undefined ? (
        <SkeletonRows rows={3} height="var(--row-small)" />
      ) : (
        <>
          {mine.data.length > 0 && (
            <Card title={t("Yours")} help={t("An organization has its own people and projects.")}>
              <ul className="-m-2 grid">
                {mine.data.map(({ slug, name }) => (
                  <li key={slug}>
                    <Link
                      to={`/${slug}/issues`}
                      className="flex min-h-9 min-w-0 items-center gap-3 rounded-sm px-2 text-text hover:bg-hover hover:no-underline max-md:min-h-11"
                    >
                      <Avatar name={name || slug} silent />
                      <span className="truncate font-medium">{name || slug}</span>
                      <span className="ms-auto truncate text-xs text-muted">{slug}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
          )}
          <NewOrganization isFirst={mine.data.length === 0} />
        </>
      )}
    </Frame>
  );
}

function NewOrganization({ isFirst }: { isFirst: boolean }) {
  const navigate = useNavigate();
  const me = useMe();
  const { data } = useQuery(installation);
  if (!me || !data) return null;
  if (!data.enableOrganizationCreation && !me.isSuperuser) {
    return isFirst ? (
      <p className="text-muted">
        {t(
          "You belong to no organization yet. Ask somebody who has one to invite {email}; on this installation only administrators make new ones.",
          { email: me.email },
        )}
      </p>
    ) : null;
  }
  return (
    <Card
      title={t("New organization")}
      help={t("You will own it. Its projects and people stay apart from those of others.")}
    >
      <Form
        label={t("New organization")}
        send={async (values) => {
          const slug = await createOrganization(textOf(values, "name"));
          await navigate({ to: `/${slug}/projects/new` });
        }}
      >
        {({ busy, trouble }) => (
          <>
            <Field
              name="name"
              label={t("Name")}
              help={t("Your company or team. It can be changed later.")}
              error={trouble.of("name")}
              required
              maxLength={200}
              autoComplete="organization"
            />
            <div>
              <Button type="submit" kind="primary" busy={busy}>
                {t("Create organization")}
              </Button>
            </div>
          </>
        )}
      </Form>
    </Card>
  );
}
