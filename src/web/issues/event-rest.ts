export { BreadcrumbsSection } from "./breadcrumbs-section";
export { RequestSection } from "./request-section";
export { TagsSection } from "./tags-section";
