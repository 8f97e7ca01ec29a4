import { NotFoundPage } from "../frame/not-found-page";

export const Page = NotFoundPage; // UNWRITTEN
