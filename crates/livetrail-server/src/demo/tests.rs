mod player;
mod world;
