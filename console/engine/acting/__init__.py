"""What the engine does about actions: who may, what is asked for, what is under way. Not loaded where nobody may."""
