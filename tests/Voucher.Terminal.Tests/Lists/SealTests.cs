using Voucher.Terminal.Home;

namespace Voucher.Terminal.Tests.Lists;

public sealed class SealTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_sealed_is_opened_for_its_purpose_only_and_after_a_restart()
    {
        var secret = _folder.NewSeal().Close("roster", "马小梅"u8);
        Assert.Equal("马小梅"u8.ToArray(), _folder.NewSeal().Open("roster", secret));
        Assert.Null(_folder.NewSeal().Open("journal", secret));
        Assert.Empty(_folder.NewSeal().Open("roster", _folder.NewSeal().Close("roster", []))!);
        Assert.NotEqual(secret, _folder.NewSeal().Close("roster", "马小梅"u8));
    }

    [Fact]
    public void No_byte_of_it_can_be_changed()
    {
        var seal = _folder.NewSeal();
        var secret = seal.Close("roster", "马小梅"u8);
        for (var at = 0; at < secret.Length; at++)
        {
            var changed = (byte[])secret.Clone();
            changed[at] ^= 1;
            Assert.Null(seal.Open("roster", changed));
            Assert.Null(seal.Open("roster", secret.AsSpan(0, at)));
        }
    }

    [Fact]
    public void The_key_is_this_accounts_alone_and_one_that_is_damaged_is_made_anew()
    {
        var secret = _folder.NewSeal().Close("roster", "x"u8);
        var path = Path.Combine(_folder.Path, "seal", "seal.key");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        File.WriteAllBytes(path, [1, 2, 3]);
        Assert.Null(_folder.NewSeal().Open("roster", secret));
        Assert.NotNull(_folder.NewSeal().Open("roster", _folder.NewSeal().Close("roster", "x"u8)));
    }
}
