namespace Voucher.Testing;

/// <summary>Where the build has put the two programs; they were built in the same configuration as these tests.</summary>
public static class BuiltPrograms
{
    public static string Server => Find("src", "Voucher.Server");

    public static string Terminal => Find("terminal", "Voucher.Terminal");

    private static string Find(string folder, string name)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = RepositoryRoot.PathTo(folder, name, "bin", framework.Parent!.Name, framework.Name, $"{name}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{name} is not built: build Voucher.sln first.", path);
    }
}
