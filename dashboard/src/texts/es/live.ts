import type da from "../da/live";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
