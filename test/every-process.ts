import "./contract";
import { watchForStandstill } from "./standstill";

// A process runs many test files; what it has once is made here.
watchForStandstill();
