import { useState } from "react";
import { useMedia } from "../ui/use-media";

/** Where the facets are. */
export interface FacetsPlace {
  /** They stand beside the list by themselves. Else a button shows them. */
  hasRoom: boolean;
  isShown: boolean;
  toggle: () => void;
}

/** `isNarrowed`: something stands beside the page and takes of its room. */
export function useFacetsPlace(isNarrowed: boolean): FacetsPlace {
  const hasRoom = useMedia("(min-width: 1280px)") && !isNarrowed;
  const [isWanted, setWanted] = useState(false);
  return { hasRoom, isShown: hasRoom || isWanted, toggle: () => setWanted(!isWanted) };
}
