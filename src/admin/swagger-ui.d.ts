/** Files of the page as bytes: wrangler.toml says that they are not to be run but carried along. */
declare module "swagger-ui-dist/swagger-ui-bundle.js" {
  const bytes: ArrayBuffer;
  export default bytes;
}
declare module "swagger-ui-dist/swagger-ui.css" {
  const bytes: ArrayBuffer;
  export default bytes;
}
