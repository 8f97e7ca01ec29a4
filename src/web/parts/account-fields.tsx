import type { ReactNode } from "react";
import { t } from "../words";
import { Field, PasswordField } from "./field";

const addressCharsMax = 254;
const passwordChars = { min: 8, max: 128 };

type Given = { help?: ReactNode; error: string | undefined };

/** The address by which somebody signs in, as password managers find it. */
export const AddressField = ({
  help,
  error,
  defaultValue,
}: Given & { defaultValue?: string | undefined }) => (
  <Field
    label={t("E-mail address")}
    help={help}
    name="email"
    type="email"
    required
    autoComplete="username"
    maxLength={addressCharsMax}
    spellCheck={false}
    defaultValue={defaultValue}
    error={error}
  />
);

/** A password that is to be from now on. */
export const NewPasswordField = ({
  label,
  name,
  error,
}: {
  label: string;
  name: string;
  error: string | undefined;
}) => (
  <PasswordField
    label={label}
    help={t("At least 8 characters, and not one of the common ones.")}
    name={name}
    required
    minLength={passwordChars.min}
    maxLength={passwordChars.max}
    autoComplete="new-password"
    error={error}
  />
);
