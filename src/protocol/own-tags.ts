/** Tags that say what a field of the event says: where a client sends one of its own, the field is right. */
const factKeys =
  "level release dist environment logger transaction server_name user user.id user.email user.username sdk handled mechanism effective-directive blocked-uri".split(
    " ",
  );
/** Tags that we make of other things for want of the client's own. */
const offeredKeys =
  "url browser browser.name os os.name client_os client_os.name runtime runtime.name device device.family".split(
    " ",
  );

/** The keys that mean the same in every project: what people filter by. */
export const ownTagKeys: ReadonlySet<string> = new Set([...factKeys, ...offeredKeys]);
/** Of these, the ones that a client's own tag of the same name comes before. */
export const offeredTagKeys: ReadonlySet<string> = new Set(offeredKeys);
