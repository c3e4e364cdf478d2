import type da from "../da/subjects";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
