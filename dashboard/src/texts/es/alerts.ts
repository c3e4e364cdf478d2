import type da from "../da/alerts";
import type { Same } from "../same";

export default {} satisfies Same<typeof da>;
