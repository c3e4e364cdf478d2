import type da from "../da/facets";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
