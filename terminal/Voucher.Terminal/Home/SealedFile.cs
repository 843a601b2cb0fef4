namespace Voucher.Terminal.Home;

/// <summary>
/// A private file under the machine's seal. One that an older program left in clear is taken over at the first reading: the
/// sealed file takes its place, and its former bytes are overwritten before it is removed. (On a flash disk old blocks may
/// survive that; a new pairing leaves none.)
/// </summary>
internal static class SealedFile
{
    private const string Former = ".plain";

    public static void Write(string path, DiskSeal seal, string purpose, ReadOnlySpan<byte> plain) => PrivateFile.Write(path, seal.Seal(purpose, plain));

    /// <summary>Also when the power went while it was taken over.</summary>
    public static bool Exists(string path) => File.Exists(path) || File.Exists(path + Former);

    /// <summary>What the file holds; <c>null</c> when it cannot be opened here.</summary>
    /// <param name="plainBegins">The first byte of this kind of file in clear; anything else that is not sealed is damaged.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[]? Read(string path, DiskSeal seal, string purpose, byte plainBegins)
    {
        FinishTakingOver(path);
        var content = File.ReadAllBytes(path);
        if (!DiskSeal.IsSealed(content))
        {
            if (content.Length == 0 || content[0] != plainBegins) return null;
            TakeOver(path, seal.Seal(purpose, content));
            return content;
        }
        var plain = seal.Open(purpose, content, out var isFormer);
        if (plain is not null && isFormer) Write(path, seal, purpose, plain);
        return plain;
    }

    private static void TakeOver(string path, byte[] content)
    {
        PrivateFile.Write(path + ".sealed", content);
        File.Move(path, path + Former, overwrite: true);
        File.Move(path + ".sealed", path);
        PrivateFile.Wipe(path + Former);
    }

    /// <summary>The power may have gone between the steps.</summary>
    private static void FinishTakingOver(string path)
    {
        if (!File.Exists(path + Former)) return;
        if (!File.Exists(path)) File.Move(path + Former, path);
        else PrivateFile.Wipe(path + Former);
    }
}
