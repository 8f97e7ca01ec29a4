export { ContextsSection, Packages, SdkSection, UserSection } from "./about-sections";
export { BreadcrumbsSection } from "./breadcrumbs-section";
export { GroupingSection } from "./grouping-section";
export { RequestSection } from "./request-section";
export { TagsSection } from "./tags-section";
export { WarningList } from "./warning-list";
