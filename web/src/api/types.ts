// Names for the shapes of the HTTP interface. `schema.d.ts` is made from `openapi.json` (`npm run types`).

import type { components } from "./schema";

type Schemas = components["schemas"];

export type ProjectInfo = Schemas["ProjectInfo"];
export type ProjectFile = Schemas["ProjectFile"];
export type GivenFile = Schemas["GivenFile"];
export type Role = Schemas["Role"];
export type AccountInfo = Schemas["AccountInfo"];
export type AccountOrder = Schemas["AccountOrder"];
export type SessionInfo = Schemas["SessionInfo"];
export type Draft = Schemas["Draft"];
export type StoredDraft = Schemas["StoredDraft"];
export type DraftRevision = Schemas["DraftRevision"];
export type JobInfo = Schemas["JobInfo"];
export type JobOrder = Schemas["JobOrder"];
export type VersionInfo = Schemas["VersionInfo"];
export type VersionFile = Schemas["VersionFile"];
export type MapInfo = Schemas["MapInfo"];
export type MapShapesInfo = Schemas["MapShapesInfo"];
export type PlanOverview = Schemas["PlanOverview"];
export type FigureRow = Schemas["FigureRow"];
export type SourcedFigure = Schemas["SourcedFigure"];
export type FigureSource = Schemas["FigureSource"];
export type BottleneckFigures = Schemas["BottleneckFigures"];
export type ZoneFigures = Schemas["ZoneFigures"];
export type SiteFigures = Schemas["SiteFigures"];
export type LinkFigures = Schemas["LinkFigures"];
export type LinkFigure = Schemas["LinkFigure"];
export type StepsInfo = Schemas["StepsInfo"];
export type StepMeasure = Schemas["StepMeasure"];
export type CurveInfo = Schemas["CurveInfo"];
export type Comparison = Schemas["Comparison"];
export type ComparedMeasure = Schemas["ComparedMeasure"];
export type ComparedZone = Schemas["ComparedZone"];
export type ComparedRoad = Schemas["ComparedRoad"];
export type CountRow = Schemas["CountRow"];
export type CountsInfo = Schemas["CountsInfo"];
export type CountsOrder = Schemas["CountsOrder"];
export type ReplannedInfo = Schemas["ReplannedInfo"];
export type OptionGain = Schemas["OptionGain"];
export type RoadChange = Schemas["RoadChange"];
export type ChangedOrder = Schemas["ChangedOrder"];
export type Instructions = Schemas["Instructions"];
export type CommentInfo = Schemas["CommentInfo"];
export type CommentPin = Schemas["CommentPin"];
export type RecordLine = Schemas["RecordLine"];
export type FoundPlace = Schemas["FoundPlace"];
export type Fault = Schemas["Fault"];

/** A figure; `"never"`: not reached within the planning horizon; `null`: not known, e.g. not simulated. */
export type Reached = number | "never" | null;
