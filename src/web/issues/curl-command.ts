/** The request that a list makes, for a shell; the token is the reader's own. */
export const curlCommand = (origin: string, path: string): string =>
  `curl -H "Authorization: Bearer $TOKEN" ${quoted(origin + path)}`;

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
