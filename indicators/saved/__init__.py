"""What people save: the only place that reads and writes it. Files of the town's data folder today;
a database may stand behind it where there are several servers."""
