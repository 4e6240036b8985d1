"""The electronic case file (电子案卷): cover, contents, documents, process record, bound as one."""
