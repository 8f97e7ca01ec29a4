/** What INITIAL_USER_EMAIL, _PASSWORD and _AUTH_TOKEN say of the very first user. */
export const initialUser = () => ({
  email: process.env.INITIAL_USER_EMAIL,
  password: process.env.INITIAL_USER_PASSWORD,
  token: process.env.INITIAL_USER_AUTH_TOKEN,
});
