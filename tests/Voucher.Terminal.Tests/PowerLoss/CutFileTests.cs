using System.Globalization;
using System.Text;
using Voucher.Terminal.Home;

namespace Voucher.Terminal.Tests.PowerLoss;

/// <summary>The plug is pulled while the pairing or the setup is written.</summary>
public sealed class CutFileTests(ITestOutputHelper output)
{
    private const int Cuts = 25;
    private static readonly string Padding = new('x', 9_000);

    [Fact]
    public async Task A_file_that_was_replaced_is_there_and_whole()
    {
        LoopDisk.Require();
        var result = await CutOften(PrivateFile.Write);
        output.WriteLine($"cuts {Cuts}, kept {result.Kept}, lost {result.Lost}");
        Assert.True(result.Kept == Cuts, $"lost {result.Lost} of {Cuts}");
    }

    /// <summary>The same cuts find what is lost when a file is only written and renamed.</summary>
    [Fact]
    public async Task The_cuts_would_notice_a_file_that_is_not_flushed()
    {
        LoopDisk.Require();
        var result = await CutOften((path, content) =>
        {
            File.WriteAllBytes(path + ".new", content);
            File.Move(path + ".new", path, overwrite: true);
        });
        Assert.True(result.Lost > 0, $"kept {result.Kept}");
    }

    private delegate void Writing(string path, ReadOnlySpan<byte> content);

    private static async Task<(int Kept, int Lost)> CutOften(Writing write)
    {
        var (kept, lost, random) = (0, 0, new Random(11));
        using var disk = LoopDisk.Make(16);
        var path = Path.Combine(disk.Mount, "pairing.json");
        for (var cut = 0; cut < Cuts; cut++)
        {
            var last = 0;
            var writing = Task.Run(() => WriteOn(path, write, number => Volatile.Write(ref last, number)));
            await Task.Delay(random.Next(3, 40));
            // What is said after the cut comes from a machine that would be dead.
            var told = Volatile.Read(ref last);
            disk.CutOff();
            await writing;
            disk.ComeBack();
            if (IsKept(path, told)) kept++;
            else lost++;
            File.Delete(path);
        }
        return (kept, lost);
    }

    private static void WriteOn(string path, Writing write, Action<int> isWritten)
    {
        try
        {
            for (var number = 1; ; number++)
            {
                write(path, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {Padding} {number}")));
                isWritten(number);
            }
        }
        catch (IOException)
        {
            // The disk is gone.
        }
    }

    /// <summary>The last file of which the caller was told that it is written, or a later one; whole.</summary>
    private static bool IsKept(string path, int told)
    {
        if (!File.Exists(path)) return told == 0;
        var parts = File.ReadAllText(path).Split(' ');
        return parts.Length == 3 && parts[1] == Padding && parts[0] == parts[2]
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var number) && number >= told;
    }
}
