using System.Globalization;

namespace Voucher.Server.Issuing.Printing;

/// <summary>Where finished PDFs lie: they hold names, so only the server's user may read them, and only for some days.</summary>
public sealed class PrintFolder(ServerSettings settings)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string Root => Path.Combine(settings.Home, "print");

    public string PathOf(long job, int number) => Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{job}-{number:D4}.pdf"));

    public void EnsureExists()
    {
        Directory.CreateDirectory(Root);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Root, OwnerOnly);
    }
}
